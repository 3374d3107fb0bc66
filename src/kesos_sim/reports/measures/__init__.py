"""What planners need of the model's results: sentences, charts and tables of each measure."""
