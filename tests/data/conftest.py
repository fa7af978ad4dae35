# The scripts here make pictures; they import each other as scripts do, and hold no tests.
collect_ignore_glob = ["*.py"]
