"""Write the table of settings into docs/deployment.md from the Settings themselves."""

import dataclasses
from pathlib import Path

from digitlens.settings import Settings

PAGE = Path(__file__).parent.parent / "docs/deployment.md"
MARK = "<!-- settings:"


def rows() -> list[str]:
    return [
        f"| `DIGITLENS_{f.name.upper()}` | `{f.default}` | {f.metadata['unit']} | {f.metadata['reason']} |"
        for f in dataclasses.fields(Settings)
    ]


def main() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if not line.startswith("| `DIGITLENS_")]
    place = next(index for index, line in enumerate(lines) if line.startswith(MARK))
    PAGE.write_text("\n".join(lines[:place] + rows() + lines[place:]) + "\n")


if __name__ == "__main__":
    main()
