"""What real files show: each comes in by the command that an operator uses."""
