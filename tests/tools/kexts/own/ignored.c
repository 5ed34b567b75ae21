#error "the Kbuild does not name this file"
