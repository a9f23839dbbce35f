<?php
// One act on the WordPress beside this file: JSON on standard input, JSON on standard output.
define('WP_USE_THEMES', false);
$_SERVER['HTTP_HOST'] = getenv('WORDPRESS_HOST');
$act = json_decode(stream_get_contents(STDIN), true);
if ($act['do'] === 'install') {
    define('WP_INSTALLING', true);
}
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

function install(): int
{
    wp_install('City of Example', 'admin', 'admin@city.example', true, '', 'loopback-only');
    update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
    flush_rewrite_rules(false);
    wp_delete_post(1, true);
    wp_delete_post(2, true);
    return wp_insert_user([
        'user_login' => 'dana', 'user_pass' => 'loopback-only', 'display_name' => 'Dana Reed', 'role' => 'author',
    ]);
}

function publish(array $act): int
{
    $fields = ['post_title' => $act['title'], 'post_content' => $act['content'], 'post_status' => 'publish'];
    $fields += ['post_author' => get_user_by('login', $act['author'])->ID, 'post_password' => $act['password'] ?? ''];
    if (isset($act['date_gmt'])) {
        $fields += ['post_date_gmt' => $act['date_gmt'], 'post_date' => get_date_from_gmt($act['date_gmt'])];
    }
    $post = wp_insert_post($fields, true);
    if (isset($act['picture'])) {
        set_post_thumbnail($post, upload($act['picture'], $act['alt'], $post));
    }
    return $post;
}

function upload(string $picture, string $alt, int $post): int
{
    $file = wp_upload_bits("picture-$post.png", null, base64_decode($picture));
    $medium = wp_insert_attachment(['post_mime_type' => 'image/png', 'post_status' => 'inherit'], $file['file'], $post);
    update_post_meta($medium, '_wp_attachment_image_alt', $alt);
    return $medium;
}

echo json_encode(['id' => match ($act['do']) {
    'install' => install(),
    'publish' => publish($act),
    'edit' => wp_update_post(['ID' => $act['id'], 'post_content' => $act['content']]),
    'trash' => wp_trash_post($act['id'])->ID,
    'delete' => wp_delete_post($act['id'], true)->ID,
}]);
