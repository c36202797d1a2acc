<?php
// Installs WordPress into an empty database, with the Akismet plugin active: php setup.php FOLDER URL KEY
[, $folder, $url, $key] = $argv;
define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = wp_host( $url );
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

function wp_host( $url ) {
	return parse_url( $url, PHP_URL_HOST ) . ':' . parse_url( $url, PHP_URL_PORT );
}

require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
function wp_new_blog_notification() {}
wp_install( 'News', 'editor', 'editor@news.example', true, '', 'a long password' );
update_option( 'siteurl', $url );
update_option( 'home', $url );
update_option( 'template', 'twentytwentyone' );
update_option( 'stylesheet', 'twentytwentyone' );
update_option( 'comment_moderation', '0' );
update_option( 'comment_previously_approved', '0' );
update_option( 'comments_notify', '0' );
update_option( 'moderation_notify', '0' );
update_option( 'wordpress_api_key', $key );
update_option( 'active_plugins', array( 'akismet/akismet.php' ) );
echo 'installed';
