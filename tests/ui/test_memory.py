import json

from ui.memory import Memory


def test_a_value_comes_back_in_another_memory(qapp, tmp_path):
    first = Memory(tmp_path / "memory")
    first.put("list_contact", {"widths": {"notes": 240}})
    first.flush()
    assert Memory(tmp_path / "memory").get("list_contact") == {"widths": {"notes": 240}}


def test_writes_by_itself_and_only_once_for_many_changes(qapp, qtbot, tmp_path):
    memory = Memory(tmp_path)
    for width in range(50):
        memory.put("list_client", width)
    assert list(tmp_path.iterdir()) == []
    qtbot.waitUntil(lambda: (tmp_path / "list_client.json").exists(), timeout=3000)
    assert json.loads((tmp_path / "list_client.json").read_text()) == 49


def test_a_damaged_file_is_forgotten(qapp, tmp_path):
    (tmp_path / "list_client.json").write_text("{half")
    memory = Memory(tmp_path)
    assert memory.get("list_client", {}) == {}
    memory.put("list_client", [1])
    memory.flush()
    assert Memory(tmp_path).get("list_client") == [1]


def test_none_forgets(qapp, tmp_path):
    memory = Memory(tmp_path)
    memory.put("x", 1)
    memory.flush()
    memory.put("x", None)
    memory.flush()
    assert list(tmp_path.iterdir()) == []


def test_a_key_cannot_leave_the_folder(qapp, tmp_path):
    memory = Memory(tmp_path / "memory")
    memory.put("../evil", 1)
    memory.flush()
    assert [path.name for path in tmp_path.iterdir()] == ["memory"]


def test_a_folder_that_cannot_be_written_stops_nobody(qapp, tmp_path):
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file")
    memory.put("x", 1)
    memory.flush()
    assert memory.get("x") == 1
