"""`python -m digitlens` is the command `digitlens`."""

from digitlens.cli import main

if __name__ == "__main__":
    main()
