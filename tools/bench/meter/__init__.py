# SPDX-License-Identifier: GPL-2.0
"""What runs the bench, reads it and shows it."""
