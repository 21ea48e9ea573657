"""`python -m helpdesk` is `helpdesk`."""

from helpdesk.cli import main

if __name__ == "__main__":
    main()
