"""Rows as answers have them: every field there, ids with their prefix, times in UTC with milliseconds, names beside ids."""
