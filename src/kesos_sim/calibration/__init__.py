"""How well the model meets what is published: figures side by side, misses as plain as hits."""
