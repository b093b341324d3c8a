"""Several calls that wait for the same table, sent as one request and answered one by one."""
