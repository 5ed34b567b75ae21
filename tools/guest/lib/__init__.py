# SPDX-License-Identifier: GPL-2.0
"""What the commands in tools/guest share."""
