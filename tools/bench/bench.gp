# SPDX-License-Identifier: GPL-2.0
# usage: gnuplot -e "folder='...'; growth=1" bench.gp

set terminal svg size 960,540 font "sans,12" background "white"
set style fill solid 0.7
set grid ytics
set key off

set output folder.'/ratios.svg'
set title "netkpi against native Linux code (native = 1; bars: median, whiskers: all rounds)"
set xtics rotate by -40
set yrange [0:*]
set offsets 0.5,0.5,0,0
set ylabel "throughput (more is better) / cost (less is better)"
plot folder.'/ratios.tsv' every ::1 using 0:6:7:8:(0.7):xtic(strcol(1).' '.strcol(3)) \
	with boxerrorbars lc rgb "#3465a4", 1 with lines lc rgb "#cc0000"

if (!growth) exit
unset offsets
set output folder.'/growth.svg'
set title "How cost grows"
set logscale x
set xtics norotate autofreq
set xlabel "message bytes, mbufs in the chain, tags on the packet, sockets"
set ylabel "message: throughput against native; others: cost of one, first = 1"
set key on top left
plot for [i=0:4] folder.'/growth.tsv' index i using 1:2 with linespoints lw 2 \
	title word("messages chains tags native-sockets sockets", i + 1)
