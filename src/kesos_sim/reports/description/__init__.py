"""The model described for people, from its code and tables: stages, parameters, the record."""
