"""The configuration document: read, checked, brought into one form, compared with what is in force. No I/O but reading a file."""
