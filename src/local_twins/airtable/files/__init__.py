"""The files of attachments: what their bytes say, small pictures of them, and fetching them by address."""
