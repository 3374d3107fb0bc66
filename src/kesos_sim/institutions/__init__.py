"""Who acts: governments, programmes, the registry; policies are data, never branches."""
