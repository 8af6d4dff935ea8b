"""For developers: `python -m inventory.migrations "what changes"` writes the step from the last one to the tables.

It works on an empty SQLite database of its own. Read what it wrote before you commit it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from inventory.db import connect, migrate


def main(message: str) -> None:
    """Write a step named `message` into `versions/`."""
    folder = Path(__file__).parent
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    steps = len(list((folder / "versions").glob("[0-9]*.py")))
    with tempfile.TemporaryDirectory() as scratch:
        engine = connect(f"sqlite:///{scratch}/empty.db")
        migrate(engine)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=message, autogenerate=True, rev_id=f"{steps + 1:04d}")
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m inventory.migrations "what changes"')
    main(sys.argv[1])
