"""Creates whose answer was lost: whether they were applied is found out by looking, or said to be unknown."""
