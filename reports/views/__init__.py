"""What prints staff text: an indicator, its entry and its review; the report and the files."""
