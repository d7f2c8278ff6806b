"""How much of a file is ever looked at: bounds that keep a hostile file from filling memory or holding up the program.

Sizes are bytes, text lengths are characters, times are seconds.
"""

# Kinds
HEAD_BYTES = 8 * 1024  # what tells the kind of a file
TAIL_BYTES = 32 * 1024  # where zip files list what they hold

# Names
MAX_NAME = 200  # characters of a stored name
MAX_SAFE_NAME = 150  # bytes in UTF-8 of a name on disk: leaves room below 255 for what systems and programs add

# Text inside
MAX_TEXT = 500_000  # characters kept of one file: a long novel
MAX_WORDS = 100_000  # characters of the distinct words that a list looks through
MAX_WORD = 60  # characters of one such word
MAX_SECONDS = 20.0  # for reading the text of one file
GUESS_BYTES = 32 * 1024  # looked at to guess an encoding

# Zipped documents (DOCX, XLSX), unpacked
MAX_MEMBERS = 10_000
MAX_DIRECTORY = 2 * 1024 * 1024  # bytes of the list of members
MAX_MEMBER = 48 * 1024 * 1024  # one sheet, one body of text
MAX_SMALL_MEMBER = 2 * 1024 * 1024  # everything that describes rather than holds text: styles, relations, types
MAX_UNPACKED = 64 * 1024 * 1024  # all of them
MAX_TAGS = 4_000_000  # angle brackets in all of them: each tag costs a parser far more memory than its text
MAX_TREE_TAGS = 1_500_000  # where the library keeps the whole tree in memory
MEMORY_BEFORE_DISK = 8 * 1024 * 1024  # unpacked bytes kept in memory before a temporary file takes over
MAX_ROWS = 1_048_576  # of a sheet, as Excel has them; files name any number

# PDF
MAX_PAGES = 2_000
MAX_BAD_PAGES = 20  # one after another: then the rest is taken for broken as well
MAX_PDF_STREAM = 128 * 1024 * 1024  # bytes that one stream may inflate to: an A4 page in colour at 600 dpi has 104 MB
MAX_SCAN_SECONDS = 10.0  # for finding out
MAX_PICTURE_SIDE = 4_000  # pixels
MAX_PICTURE_PIXELS = 4_000_000
