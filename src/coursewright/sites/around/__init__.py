"""What a site has around a page: navigation, contents, the lists of the whole site."""
