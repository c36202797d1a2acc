<?php
// A must-use plugin of the tests: what a real site cannot be brought to from outside.
defined( 'ABSPATH' ) || exit;

// A check without the field that the option names.
add_filter(
	'http_request_args',
	function ( $args, $url ) {
		$without = get_option( 'probe_without' );
		if ( $without && strpos( $url, 'comment-check' ) && is_string( $args['body'] ) ) {
			parse_str( $args['body'], $sent );
			unset( $sent[ $without ] );
			$args['body'] = http_build_query( $sent );
		}
		return $args;
	},
	10,
	2
);

// What the last check was answered.
add_action(
	'akismet_comment_check_response',
	function ( $response ) {
		update_option( 'probe_answer', $response[1] );
	}
);

// Readers of the tests write quickly.
add_filter( 'comment_flood_filter', '__return_false', 99 );
remove_all_filters( 'check_comment_flood' );
add_action( 'init', fn() => remove_all_filters( 'check_comment_flood' ) );
add_filter( 'pre_wp_mail', '__return_true' );
