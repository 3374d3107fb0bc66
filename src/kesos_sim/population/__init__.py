"""Who lives there: distributions, synthetic households, growth and ageing."""
