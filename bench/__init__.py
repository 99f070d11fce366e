"""Programs that print ratios measured side by side in one run. Never tests: machines have slow days."""
