"""Reads the public pages of registered accounts: a Scrapy project. One platform, one file in `spiders`."""
