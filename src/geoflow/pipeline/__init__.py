"""Commands that map files to files, one module a rule: load, call, save. They read the config."""
