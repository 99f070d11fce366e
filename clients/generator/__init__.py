"""Writes the generated files of clients/python from the API's description; nothing of an operation is listed by hand."""
