"""The mailbox: mails become letters; bounces and automatic replies are recognised."""
