"""Speed and memory as figures of one run; nothing here can fail a build."""
