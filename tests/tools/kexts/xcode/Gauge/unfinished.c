/* In the folder, but in no target. */
#error "this file must not be built"
