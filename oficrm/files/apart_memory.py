"""A bound on the memory of this process, kept by the system: what asks for more gets none."""

import sys
from pathlib import Path


def bound(size: int) -> str:
    """Let this process take at most `size` bytes more than it has now, and leave no image of it when it crashes.

    Returns why there is no bound, "" when there is one: macOS keeps none.
    """
    try:
        return _bound(size)
    except (OSError, ValueError) as error:
        return f"no bound on memory: {error}"


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
    _PROCESS_MEMORY = 0x100  # JOB_OBJECT_LIMIT_PROCESS_MEMORY
    _DIE_ON_UNHANDLED = 0x400  # JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION: no box that asks what to do

    class _Basic(ctypes.Structure):
        """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

        _fields_ = [
            ("per_process_time", ctypes.c_int64), ("per_job_time", ctypes.c_int64), ("flags", wintypes.DWORD),
            ("minimum_set", ctypes.c_size_t), ("maximum_set", ctypes.c_size_t), ("processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t), ("priority", wintypes.DWORD), ("scheduling", wintypes.DWORD),
        ]  # fmt: skip

    class _Extended(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

        _fields_ = [
            ("basic", _Basic), ("io", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t), ("peak_process", ctypes.c_size_t), ("peak_job", ctypes.c_size_t),
        ]  # fmt: skip

    def _bound(size: int) -> str:
        # Counts what is committed; a process that reads documents has begun with some ten megabytes of it
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = [ctypes.c_void_p, wintypes.LPCWSTR]
        kernel.SetInformationJobObject.argtypes = [
            wintypes.HANDLE, ctypes.c_int, ctypes.POINTER(_Extended), wintypes.DWORD
        ]  # fmt: skip
        kernel.AssignProcessToJobObject.argtypes = [wintypes.HANDLE, wintypes.HANDLE]
        limits = _Extended()
        limits.basic.flags = _PROCESS_MEMORY | _DIE_ON_UNHANDLED
        limits.process_memory = size
        job = kernel.CreateJobObjectW(None, None)  # never closed: it lasts as long as the process
        if not (
            job
            and kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        ):
            raise ctypes.WinError(ctypes.get_last_error())
        return ""
else:
    import resource

    _STATM = Path("/proc/self/statm")

    def _bound(size: int) -> str:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "darwin":
            return "no bound on memory: macOS keeps none"
        now = int(_STATM.read_text().split()[0]) * resource.getpagesize() if _STATM.exists() else 0
        resource.setrlimit(resource.RLIMIT_AS, (now + size, now + size))
        return ""
