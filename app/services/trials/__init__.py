"""Trials: which of the last tickets would another configuration change, and to whom would they go?"""
