"""What may mend a finding: candidates, the smallest first, each tried before it is offered."""
