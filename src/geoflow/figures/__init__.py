"""What all figures share: size and panels, colours and markers, style. The figures stand with their studies."""
