"""Local twins of the outside services, each speaking the real wire protocol."""
