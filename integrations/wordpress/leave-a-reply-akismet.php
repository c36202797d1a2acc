<?php
/**
 * Plugin Name: Leave a Reply for Akismet
 * Description: Sends what the Akismet plugin asks to your own leave-a-reply service, and takes its moderators' decisions.
 * License:     MIT
 *
 * Goes into wp-content/mu-plugins/. In wp-config.php: define( 'LEAVE_A_REPLY_URL', 'https://comments.example' );
 */

defined( 'ABSPATH' ) || exit;

/** Whether this is a call to Akismet's own servers, which the plugin has no setting for. */
function leave_a_reply_is_akismet( $url ) {
	$host = wp_parse_url( $url, PHP_URL_HOST );
	return is_string( $host ) && preg_match( '/(^|\.)rest\.akismet\.com$/i', $host );
}

/** Sends the call to the service instead; an answer stops WordPress from sending it itself. */
function leave_a_reply_send( $answer, $args, $url ) {
	if ( false !== $answer || ! defined( 'LEAVE_A_REPLY_URL' ) || ! leave_a_reply_is_akismet( $url ) ) {
		return $answer;
	}
	$path = wp_parse_url( $url, PHP_URL_PATH );
	unset( $args['headers']['Host'] );
	$args['body'] = leave_a_reply_extend( $path, $args['body'] );
	return wp_remote_request( untrailingslashit( LEAVE_A_REPLY_URL ) . $path, $args );
}
add_filter( 'pre_http_request', 'leave_a_reply_send', 10, 3 );

/** Adds what older versions of the plugin do not send: where decisions go, and which check a report is about. */
function leave_a_reply_extend( $path, $body ) {
	if ( ! is_string( $body ) ) {
		return $body;
	}
	parse_str( $body, $sent );
	$more = array();
	if ( preg_match( '#/comment-check$#', $path ) && empty( $sent['callback'] ) ) {
		$more['callback'] = rest_url( 'akismet/v1/webhook' );
	}
	if ( preg_match( '#/submit-(spam|ham)$#', $path ) && empty( $sent['guid'] ) && ! empty( $sent['comment_ID'] ) ) {
		$more['guid'] = get_comment_meta( (int) $sent['comment_ID'], 'akismet_guid', true );
	}
	$more = array_filter( $more );
	return $more ? $body . '&' . http_build_query( $more ) : $body;
}

/** The guid of the check that was just answered, until the comment has an id. */
function leave_a_reply_guid( $guid = null ) {
	static $last = '';
	if ( null !== $guid ) {
		$last = $guid;
	}
	return $last;
}

add_action(
	'akismet_comment_check_response',
	function ( $response ) {
		leave_a_reply_guid( isset( $response[0]['x-akismet-guid'] ) ? (string) $response[0]['x-akismet-guid'] : '' );
	}
);

add_action(
	'wp_insert_comment',
	function ( $id, $comment ) {
		$guid = leave_a_reply_guid( null );
		if ( '' === $guid || ! class_exists( 'Akismet' ) || ! Akismet::matches_last_comment( $comment ) ) {
			return;
		}
		leave_a_reply_guid( '' );
		if ( ! metadata_exists( 'comment', $id, 'akismet_guid' ) ) {
			add_comment_meta( $id, 'akismet_guid', $guid, true );
		}
	},
	20,
	2
);

/** Newer versions of the plugin have this route themselves. */
add_action(
	'rest_api_init',
	function ( $server ) {
		if ( array_key_exists( '/akismet/v1/webhook', $server->get_routes() ) ) {
			return;
		}
		register_rest_route(
			'akismet/v1',
			'/webhook',
			array(
				'methods'             => 'POST',
				'permission_callback' => 'leave_a_reply_may_call',
				'callback'            => 'leave_a_reply_take_decisions',
			)
		);
	},
	20
);

/** Only who has the key may say what a moderator decided. */
function leave_a_reply_may_call( $request ) {
	$key   = class_exists( 'Akismet' ) ? Akismet::get_api_key() : '';
	$given = $request->get_param( 'key' );
	return $key && is_string( $given ) && hash_equals( strtolower( $key ), strtolower( $given ) );
}

function leave_a_reply_take_decisions( $request ) {
	$told     = $request->get_param( 'comments' );
	$comments = array();
	foreach ( is_array( $told ) ? array_slice( $told, 0, 100 ) : array() as $one ) {
		if ( is_array( $one ) && isset( $one['guid'], $one['result'] ) && is_string( $one['guid'] ) ) {
			$comments[ $one['guid'] ] = leave_a_reply_take_decision( $one['guid'], 'true' === $one['result'] );
		}
	}
	return rest_ensure_response( array( 'comments' => (object) $comments ) );
}

/** The word of this site's own moderators stands: what they reported or trashed is left as it is. */
function leave_a_reply_take_decision( $guid, $is_spam ) {
	$found = get_comments(
		array(
			'meta_key'   => 'akismet_guid',
			'meta_value' => $guid,
			'status'     => 'any',
			'number'     => 1,
		)
	);
	if ( ! $found ) {
		return array( 'status' => 'error', 'message' => 'There is no comment with this guid.' );
	}
	$id = (int) $found[0]->comment_ID;
	if ( get_comment_meta( $id, 'akismet_user_result', true ) || 'trash' === wp_get_comment_status( $id ) ) {
		return array( 'status' => 'error', 'message' => 'A moderator of this site has decided already.' );
	}
	// While this is set, the plugin takes a change for its own and does not report it.
	add_comment_meta( $id, 'akismet_rechecking', true );
	wp_set_comment_status( $id, $is_spam ? 'spam' : 'approve' );
	delete_comment_meta( $id, 'akismet_rechecking' );
	update_comment_meta( $id, 'akismet_result', $is_spam ? 'true' : 'false' );
	delete_comment_meta( $id, 'akismet_error' );
	return array( 'status' => 'success', 'message' => 'The comment is changed.' );
}
