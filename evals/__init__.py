"""How good the agent is: tasks of our own on the sample bases, and other people's tasks (`evals.outside`)."""
