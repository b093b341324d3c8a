"""The methods of the gateway over pyairtable, one file for each theme of the protocol."""
