/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All scenarios, by suite. The name of a worked scenario begins with its number
 * (LIF1, IP6_1), that of a rule or deviation with its own (U2, V3); the others
 * are what the numbered ones leave out. tools/scenarios makes a table of them.
 */
#ifndef _KUNIT_SOCKET_SCENARIOS_H
#define _KUNIT_SOCKET_SCENARIOS_H

#define LIFETIME_SCENARIOS(X)	\
	X(LIF1_create_tells_type)	\
	X(LIF2_create_refuses)	\
	X(create_every_served_kind)	\
	X(create_by_internal_name)	\
	X(LIF3_outlives_its_creator)	\
	X(LIF4_retained_survives_close)	\
	X(LIF5_release_leaves_it_open)	\
	X(retains_add_up)	\
	X(release_without_retain_is_ignored)	\
	X(LIF6_unread_data_resets)	\
	X(unread_stash_resets)	\
	X(LIF7_nothing_unread_ends)	\
	X(close_delivers_what_was_sent)	\
	X(LIF8_linger_zero_resets)	\
	X(linger_does_not_hold_nonblocking)	\
	X(linger_holds_blocking)	\
	X(LIF9_null_is_ignored)	\
	X(LIF10_close_wakes_receiver)	\
	X(LIF11_close_wakes_acceptor)	\
	X(close_wakes_sender)	\
	X(close_wakes_sendmbuf)	\
	X(close_wakes_connector)	\
	X(V5_close_wakes_unconnected_udp)	\
	X(V11_release_closes_unix)	\
	X(close_discards_datagrams_and_errors)	\
	X(V10_null_socket)	\
	X(setpriv_opens_reserved_ports)	\
	X(privilege_is_the_creators)	\
	X(raw_needs_privilege)	\
	X(closed_twice)	\
	X(closed_handle_is_found_out)

#define CONNECT_SCENARIOS(X)	\
	X(CON1_blocking)	\
	X(CON2_refused)	\
	X(CON3_dontwait)	\
	X(CON4_connecting)	\
	X(CON5_refused_later)	\
	X(CON6_connectwait_refused)	\
	X(CON7_connectwait_in_progress)	\
	X(CON8_connectwait_range)	\
	X(CON9_connectwait_connected)	\
	X(CON10_connectwait_unconnected)	\
	X(connectwait_without_limit)	\
	X(CON11_signal_ends_the_call)	\
	X(CON12_listener)	\
	X(CON13_bad_address)	\
	X(CON14_udp)	\
	X(udp_disconnects_by_no_family)	\
	X(CON15_nonblocking)	\
	X(CON16_close_connecting)	\
	X(connect_ignores_other_flags)	\
	X(refused_later_is_told_once)	\
	X(connect_to_any_is_this_host)	\
	X(isconnected_follows_the_connection)

#define ACCEPT_SCENARIOS(X)	\
	X(LIS1_nobody_waiting)	\
	X(LIS2_nonblocking)	\
	X(LIS3_receive_timeout_does_not_apply)	\
	X(LIS4_address)	\
	X(LIS5_address_cut_off)	\
	X(LIS6_refused_flags)	\
	X(LIS7_not_listening)	\
	X(accept_refuses_negative_length)	\
	X(LIS8_one_connection_per_upcall)	\
	X(LIS9_inheritance)	\
	X(inherited_and_not)	\
	X(nointerrupt_is_not_inherited)	\
	X(accept_send_timeout_not_inherited)	\
	X(LIS10_U9_stored_after_accept)	\
	X(LIS11_reset_while_queued)	\
	X(LIS12_cannot_listen)	\
	X(LIS13_unbound)	\
	X(LIS14_backlog)	\
	X(listen_again_adjusts_backlog)	\
	X(LIS15_close_with_queue)	\
	X(accept_is_interrupted)	\
	X(shutdown_ends_waiting_accepts)	\
	X(accept_takes_the_oldest)	\
	X(U8_data_before_accept)	\
	X(U8_end_before_accept)

#define RECEIVE_SCENARIOS(X)	\
	X(RCV1_all)	\
	X(RCV2_in_parts)	\
	X(RCV3_nothing)	\
	X(RCV4_timeout)	\
	X(RCV5_data_then_end)	\
	X(RCV6_waitall)	\
	X(RCV7_waitall_end)	\
	X(RCV8_waitall_reset)	\
	X(RCV9_waitall_nonblocking)	\
	X(RCV10_waitall_timeout)	\
	X(RCV11_V2_waitall_dontwait)	\
	X(V2_nonblocking_waitall_beyond_buffer)	\
	X(RCV12_waitall_small_writes)	\
	X(waitall_single_bytes)	\
	X(RCV13_waitall_beyond_buffer)	\
	X(RCV14_peek)	\
	X(peek_over_stash)	\
	X(RCV15_peek_mbuf)	\
	X(RCV16_mbuf_arguments)	\
	X(RCV17_message_arguments)	\
	X(receive_1024_elements_at_most)	\
	X(receive_without_length)	\
	X(RCV18_scatter)	\
	X(error_leaves_message)	\
	X(result_flags_on_input)	\
	X(RCV19_unconnected)	\
	X(RCV20_reset)	\
	X(RCV21_reset_send_first)	\
	X(RCV22_end_then_reset)	\
	X(data_then_reset)	\
	X(RCV23_receiver_busy)	\
	X(RCV27_signal)	\
	X(RCV28_no_name_on_a_stream)	\
	X(RCV29_low_water)	\
	X(every_size_of_read)	\
	X(chain_outlives_socket)	\
	X(chain_is_writable)	\
	X(two_readers_share)	\
	X(part_of_the_stash)	\
	X(busy_and_nointerrupt)	\
	X(busy_and_interrupted)	\
	X(RCV24_urgent)	\
	X(RCV25_urgent_mbuf)	\
	X(urgent_by_mbuf_refused)	\
	X(urgent_in_the_middle_of_much)	\
	X(RCV26_urgent_inline)	\
	X(wantoobflag)	\
	X(RCV30_shutdown_read)	\
	X(shutdown_table)	\
	X(shutdown_after_peers_end)	\
	X(shutdown_unconnected)	\
	X(shutdown_read_then_peers_end)	\
	X(shutdown_read_of_unread_data)	\
	X(shutdown_read_of_urgent_data)	\
	X(shutdown_one_after_the_other)	\
	X(shutdown_connecting)

#define DGRAM_SCENARIOS(X)	\
	X(DGR1_source_address)	\
	X(DGR2_longer_than_asked_for)	\
	X(longer_than_buffer)	\
	X(DGR3_donttrunc)	\
	X(every_length_into_mbufs)	\
	X(rest_goes_with_the_socket)	\
	X(DGR4_empty)	\
	X(DGR5_no_destination)	\
	X(DGR6_connected_with_name)	\
	X(DGR7_too_long)	\
	X(DGR8_send_limit)	\
	X(V7_default_limit_is_the_hosts)	\
	X(DGR9_refused)	\
	X(DGR10_data_then_refused)	\
	X(refusal_wakes_receiver)	\
	X(DGR11_bad_checksum)	\
	X(bad_checksum_alone)	\
	X(DGR12_name_cut_off)	\
	X(DGR13_one_per_upcall)	\
	X(DGR14_shutdown_unconnected)	\
	X(DGR15_shutdown_connected)	\
	X(DGR16_fragmented)	\
	X(DGR17_no_urgent_data)	\
	X(DGR18_send_nothing)	\
	X(end_of_record_is_ignored)	\
	X(peek_datagram)	\
	X(waits_like_a_stream)	\
	X(bad_names_on_send)	\
	X(queue_is_told)	\
	X(raw_socket_sees_headers)	\
	X(V13_drops_by_memory)	\
	X(waits_for_send_buffer)	\
	X(mbufs_wait_for_send_buffer)	\
	X(datagram_of_many_pieces)	\
	X(donttrunc_mbuf)	\
	X(failed_reconnect_dissolves)	\
	X(wantmore)	\
	X(control_data_on_receive)	\
	X(control_data_by_mbuf)	\
	X(control_data_not_asked_for)	\
	X(control_data_without_room)	\
	X(control_data_on_send)	\
	X(control_data_unknown)	\
	X(control_data_nonsense)	\
	X(packet_information)	\
	X(timestamp)	\
	X(type_of_service)	\
	X(two_messages)	\
	X(truncation_with_control)

#define SEND_SCENARIOS(X)	\
	X(SND1_mbuf)	\
	X(SND2_mbuf_and_iov)	\
	X(SND3_null)	\
	X(SND4_beyond_limit)	\
	X(limit_is_inclusive)	\
	X(SND5_no_room)	\
	X(SND6_waits_for_room)	\
	X(SND7_timeout)	\
	X(SND9_partial)	\
	X(SND10_probe)	\
	X(SND11_shutdown_write)	\
	X(no_sigpipe_from_mbufs)	\
	X(SND12_end_of_record)	\
	X(SND13_connecting)	\
	X(SND14_signal)	\
	X(signal_before_anything_went)	\
	X(signal_does_not_end_nointerrupt)	\
	X(timeout_after_progress)	\
	X(SND15_V9_can_wait)	\
	X(can_wait_does_not_wait_if_told)	\
	X(SND18_control)	\
	X(SND19_many_elements)	\
	X(send_arguments)	\
	X(SND20_name_is_ignored)	\
	X(SND21_write_upcall)	\
	X(SND22_V1_dontwait)	\
	X(urgent_byte_goes_out)	\
	X(SND8_two_senders)	\
	X(V9_can_wait_many_mbufs)	\
	X(SND16_storage)	\
	X(SND17_retransmission)	\
	X(can_wait_sends_a_short_part)	\
	X(what_is_no_mbuf_is_found_out)	\
	X(chains_of_every_shape)	\
	X(wrong_packet_length)	\
	X(megabytes_of_mbufs)

#define UPCALL_SCENARIOS(X)	\
	X(UPC1_arguments_and_context)	\
	X(UPC2_read_until_empty)	\
	X(UPC3_none_lost_while_running)	\
	X(UPC4_end)	\
	X(UPC5_reset)	\
	X(UPC6_connect)	\
	X(UPC7_calls_on_own_socket)	\
	X(UPC8_replaced_inside)	\
	X(UPC9_removed_inside)	\
	X(UPC10_removed_while_running)	\
	X(UPC11_callers_may_hold_the_upcalls_lock)	\
	X(UPC12_close_waits)	\
	X(calls_fail_while_close_waits)	\
	X(release_waits)	\
	X(UPC13_close_does_not_wait)	\
	X(UPC14_close_inside)	\
	X(UPC15_close_inside_closewait)	\
	X(V6_release_inside_closewait)	\
	X(UPC16_close_against_data)	\
	X(UPC17_V3_readable_at_installation)	\
	X(installation_on_quiet_socket)	\
	X(UPC18_ignored_data)	\
	X(UPC20_write_slot)	\
	X(UPC21_setupcall_removes_write_slot)	\
	X(UPC22_shutdown_read)	\
	X(installed_after_shutdown_read)	\
	X(shutdown_write_tells_writer)	\
	X(UPC23_closes_another)	\
	X(UPC27_header_in_two_parts)	\
	X(UPC19_somebody_else_reads)	\
	X(UPC26_V8_never_twice_at_once)	\
	X(U1_call_after_last_event)	\
	X(U2_as_often_as_events)	\
	X(U2_progress_goes_on)	\
	X(U3_not_for_data_that_is_gone)	\
	X(U3_state_events_always)	\
	X(U4_no_spinning)	\
	X(U4_after_data_that_is_gone)	\
	X(U5_fairness)	\
	X(U6_write_event)	\
	X(U6_installed_when_full)	\
	X(U6_installed_when_empty)	\
	X(U7_data_before_end)	\
	X(V4_close_makes_no_call)	\
	X(nothing_after_close_in_read)	\
	X(nothing_after_removal_in_read)	\
	X(replaced_outside)	\
	X(write_upcall_feeds_a_stream)	\
	X(urgent_data_is_no_loss)	\
	X(low_water_marks_are_events)	\
	X(sleeping_upcalls_block_nobody_else)	\
	X(flood_leaves_others_their_share)	\
	X(sleeping_upcalls_end_no_wait_late)	\
	X(UPC24_events)	\
	X(events_masked_out)	\
	X(events_of_connecting)	\
	X(events_of_ending)	\
	X(V14_event_callback_may_call)	\
	X(nothing_after_close_in_event)

#define OPTION_SCENARIOS(X)	\
	X(OPT1_buffer_sizes)	\
	X(OPT2_buffer_limits)	\
	X(OPT3_beyond_the_hosts_limit)	\
	X(admitted_message_goes_in)	\
	X(OPT4_timeout_exact)	\
	X(OPT5_timeout_range)	\
	X(OPT6_short_values)	\
	X(long_values)	\
	X(OPT7_garbage_capacity)	\
	X(OPT8_no_capacity)	\
	X(OPT9_after_reset)	\
	X(settable_after_shutdown)	\
	X(OPT10_low_ports)	\
	X(low_ports_without_privilege)	\
	X(low_port_by_connecting)	\
	X(OPT11_port_range_values)	\
	X(OPT12_v6only)	\
	X(OPT14_unknown)	\
	X(OPT16_flags_read_back)	\
	X(option_table)	\
	X(option_table_inet6)	\
	X(linger_units)	\
	X(low_water_limits)	\
	X(numrcvpkt_of_a_stream)	\
	X(acceptconn_of_a_listener)	\
	X(nread_and_nwrite)	\
	X(multicast_membership)	\
	X(bind_to_device)	\
	X(bound_interface)	\
	X(traffic_class)	\
	X(connection_timeout)	\
	X(connection_timeout_after_close)	\
	X(ip_options_and_header)	\
	X(inet6_packet_information)	\
	X(inet6_traffic_class)	\
	X(OPT13_nonblocking)	\
	X(OPT15_interface_address)	\
	X(request_table)	\
	X(process_group_is_kept)	\
	X(refuses_what_is_not_offered)	\
	X(NAM1_unbound)	\
	X(NAM2_bind_twice)	\
	X(NAM3_in_use)	\
	X(NAM4_name_length)	\
	X(bind_table)	\
	X(allocated_addresses)	\
	X(peer_name_follows_connection)

#define UNIX_SCENARIOS(X)	\
	X(UNX1_connect)	\
	X(UNX2_connect_refused)	\
	X(UNX3_bad_paths)	\
	X(V12_longest_path)	\
	X(path_in_use)	\
	X(UNX4_listener)	\
	X(UNX5_peer_closes)	\
	X(peer_closes_with_unread_data)	\
	X(UNX6_can_wait)	\
	X(UNX7_datagrams)	\
	X(datagrams_do_not_wait)	\
	X(stream_both_ways)	\
	X(waitall_and_peek)	\
	X(sendmbuf_is_atomic)	\
	X(names_of_a_bound_stream)	\
	X(no_rights_over_unix)	\
	X(close_wakes_blocked_unix)	\
	X(unix_options)	\
	X(datagrams_by_upcall)	\
	X(datagrams_cut_off)	\
	X(datagram_peer_gone)	\
	X(large_reads)	\
	X(bound_twice)	\
	X(urgent_bytes_are_not_counted)	\
	X(urgent_bytes_call_nobody)

#define INET6_SCENARIOS(X)	\
	X(IP6_1_tcp)	\
	X(IP6_2_mapped_source)	\
	X(IP6_3_link_local)	\
	X(link_local_datagrams)	\
	X(udp_over_inet6)	\
	X(inet6_bad_addresses)	\
	X(inet6_unbound_names)	\
	X(mapped_client)	\
	X(inet6_control_data)

#define SCALE_SCENARIOS(X)	\
	X(SCA1_echo_server)	\
	X(SCA2_udp_upcalls)	\
	X(SCA3_one_sleeps)

#define PAGES_SCENARIOS(X)	\
	X(tcp_arrives_where_it_was)	\
	X(allocated_packet_arrives_where_it_was)	\
	X(udp_arrives_where_it_was)	\
	X(udp_of_pages_and_more)	\
	X(kept_copy_stays_as_it_was)	\
	X(tcp_from_a_peer_is_looked_at)	\
	X(udp_from_a_peer_is_looked_at)	\
	X(one_byte_keeps_one_view)	\
	X(used_up_packets_are_free_at_once)	\
	X(slow_reader_closes_the_window)

#define PACKET_SCENARIOS(X)	\
	X(packets_are_those_of_sendmsg)	\
	X(the_same_mbuf_arrives)	\
	X(arrives_without_what_it_carried)	\
	X(every_shape_arrives)	\
	X(shifted_bytes_arrive)	\
	X(too_long_for_a_frame)	\
	X(longest_datagram)	\
	X(simple_device)	\
	X(shared_cluster_is_copied)	\
	X(shortened_packet_arrives)	\
	X(datagrams_are_counted)	\
	X(packets_go_round)

#define MEMORY_SCENARIOS(X)	\
	X(SCA4_socket)	\
	X(SCA4_accept)	\
	X(SCA4_connect)	\
	X(SCA4_send)	\
	X(SCA4_sendmbuf)	\
	X(SCA4_sendmbuf_attached)	\
	X(SCA4_sendmbuf_much)	\
	X(SCA4_sender_sleeps)	\
	X(SCA4_message_sleeps)	\
	X(SCA4_sender_gives_up)	\
	X(SCA4_write_upcall_later)	\
	X(SCA4_buffer_is_moderated)	\
	X(SCA4_sendmbuf_can_wait)	\
	X(SCA4_receive)	\
	X(SCA4_receivembuf)	\
	X(SCA4_waitall)	\
	X(SCA4_record)	\
	X(SCA4_record_comes_later)	\
	X(SCA4_record_of_mbufs_comes_later)	\
	X(SCA4_datagram_receive)	\
	X(SCA4_datagram_without_mbufs)	\
	X(SCA4_datagram_send)	\
	X(SCA4_packet_receive)	\
	X(SCA4_packet_send)

#define RACE_SCENARIOS(X)	\
	X(close_against_blocked_receive)	\
	X(close_against_blocked_send)	\
	X(close_against_blocked_accept)	\
	X(close_against_connect)	\
	X(close_against_blocked_connect)	\
	X(close_and_connect_at_once)	\
	X(two_connects_at_once)	\
	X(close_against_upcall)	\
	X(close_against_calls_in_upcall)	\
	X(close_against_accepting_upcall)	\
	X(accept_against_closing_upcall)	\
	X(closewait_against_upcall)	\
	X(setupcall_against_events)	\
	X(release_against_close)	\
	X(two_senders_two_receivers)	\
	X(questions_against_data)	\
	X(shutdown_against_blocked)	\
	X(reset_against_traffic)

#define FILE_SCENARIOS(X)	\
	X(file_refuses)	\
	X(file_knows_its_socket)	\
	X(file_both_ways)	\
	X(file_upcall_to_the_end)	\
	X(file_write_upcall)	\
	X(file_leaves_the_process_alone)	\
	X(file_retained_outlives_the_descriptor)	\
	X(file_dropped_after_close)	\
	X(file_is_not_closed_by_the_kext)	\
	X(file_release_too_many)	\
	X(file_datagrams)	\
	X(file_unix)	\
	X(file_listener)	\
	X(file_connects)	\
	X(file_without_memory)	\
	X(file_asked_by_many)

#define TRUST_SCENARIOS(X)	\
	X(rights_by_datagram_are_dropped)	\
	X(rights_by_stream_are_dropped)	\
	X(rights_in_the_stash_are_dropped)	\
	X(credentials_are_dropped)	\
	X(tls_before_it_is_lent)	\
	X(tls_while_it_is_lent)	\
	X(tls_end_with_the_rest)	\
	X(tls_end_in_a_record)	\
	X(tls_one_way_only)	\
	X(tls_in_the_middle_of_a_message)	\
	X(tls_upcalls)	\
	X(claimed_while_it_is_lent)	\
	X(limit_set_in_the_middle)	\
	X(limit_after_a_message)	\
	X(limit_when_the_buffer_is_full)	\
	X(limit_after_a_message_by_path)	\
	X(low_water_mark_of_the_process)	\
	X(packet_information_after_connecting)	\
	X(connect_in_progress)	\
	X(send_limit_of_packets)

#define PRIVILEGE_SCENARIOS(X)	\
	X(root_without_capabilities)	\
	X(one_capability_is_enough)	\
	X(no_power_from_the_thread)	\
	X(no_power_from_the_upcall)	\
	X(given_up_and_given)	\
	X(accepted_has_the_listeners)	\
	X(paths_are_the_creators)

#define ALL_SCENARIOS(X)	\
	LIFETIME_SCENARIOS(X) CONNECT_SCENARIOS(X) ACCEPT_SCENARIOS(X) RECEIVE_SCENARIOS(X)	\
	DGRAM_SCENARIOS(X) SEND_SCENARIOS(X) UPCALL_SCENARIOS(X) OPTION_SCENARIOS(X)	\
	UNIX_SCENARIOS(X) INET6_SCENARIOS(X) SCALE_SCENARIOS(X) PAGES_SCENARIOS(X)	\
	PACKET_SCENARIOS(X) MEMORY_SCENARIOS(X) RACE_SCENARIOS(X) FILE_SCENARIOS(X)	\
	TRUST_SCENARIOS(X) PRIVILEGE_SCENARIOS(X)

struct kunit;

#define DECLARE_SCENARIO(name)	void name(struct kunit *test);
ALL_SCENARIOS(DECLARE_SCENARIO)
#undef DECLARE_SCENARIO

#endif /* _KUNIT_SOCKET_SCENARIOS_H */
