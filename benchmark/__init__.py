"""Speed of the compiled loops compared with hand-written C and with other installed packages."""
