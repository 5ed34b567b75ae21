# SPDX-License-Identifier: GPL-2.0
"""What the tools for kext authors share."""
