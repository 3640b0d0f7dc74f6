"""Who may be asked, and who first: hard rules, then a score, then a fair tie-break. Pure, exact, explainable."""
