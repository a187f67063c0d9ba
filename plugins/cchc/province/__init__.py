"""Starting in a province of one's own: a complete province folder, and agency after agency into it."""
