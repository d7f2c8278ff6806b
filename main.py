"""OfiCRM: parse the arguments, open the database, start Qt."""

import sys
from collections.abc import Sequence

from oficrm.arguments import parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    options = parse(arguments)
    from ui import launch

    if options.tour:
        return launch.tour(options.tour)
    if (reason := launch.missing_display()) is not None:
        return launch.without_display(reason, options.database)
    return launch.program(options.database, options.profile, options.demo)


if __name__ == "__main__":
    sys.exit(main())
