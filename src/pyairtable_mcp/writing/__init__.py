"""What is looked at and said before records are written: checks, plans, differences, consent."""
