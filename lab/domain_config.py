"""The configuration files of the domain controller and its clients. Every path is below the
domain's root.
"""

from __future__ import annotations

from pathlib import Path

# Samba's versions from which on it knows what Windows does: channel binding for Kerberos inside
# TLS, and the functional level of 2016
CHANNEL_BINDING = (4, 21)
LEVEL_2016 = (4, 20)

REALM = "CORP.EXAMPLE"
DOMAIN = "CORP"
DNS_DOMAIN = "corp.example"
BASE_DN = "DC=corp,DC=example"
HOST = "dc1"

# audit.py reads the log: writes (dsdb) and binds (auth) as JSON at 5, transactions at 10 for the
# renames, which have no record of their own, and searches, which only the general level 5 shows.
# The classes at 0 and 1 are prose or chatter. Only the server gets it (domain.py), because
# samba-tool would show all that to whoever runs a script of it here.
LOG_LEVEL = (
    "5 dsdb_json_audit:5 auth_json_audit:5 dsdb_transaction_json_audit:10 dsdb_transaction_audit:0 "
    "dsdb_group_audit:0 dsdb_group_json_audit:0 dsdb_audit:0 auth_audit:0 auth:1 ldb:1 tdb:1 "
    "kerberos:1 dns:0"
)

FOLDERS = (
    "etc",
    "run",
    "cache",
    "state",
    "private",
    "log",
    "bind-dns",
    "ncalrpc",
    "winbindd",
    "ntp_signd",
)


def samba(root: Path, address: str, version: tuple[int, int]) -> str:
    """smb.conf, as close to Windows as this version of Samba can be: simple binds need TLS, and
    Kerberos inside TLS needs channel binding, where it is known (older: `yes` allows no Kerberos).
    """
    strong = "yes" if version >= CHANNEL_BINDING else "allow_sasl_over_tls"
    return f"""[global]
	workgroup = {DOMAIN}
	realm = {REALM}
	netbios name = {HOST.upper()}
	server role = active directory domain controller
	server services = ldap, cldap, kdc
	dcerpc endpoint servers = -dnsserver
	interfaces = {address}/8
	bind interfaces only = yes
	private dir = {root}/private
	lock directory = {root}
	state directory = {root}/state
	cache directory = {root}/cache
	pid directory = {root}/run
	binddns dir = {root}/bind-dns
	ncalrpc dir = {root}/ncalrpc
	winbindd socket directory = {root}/winbindd
	ntp signd socket directory = {root}/ntp_signd
	log file = {root}/log/%m.log
	debug timestamp = no
	max log size = 0
	tls enabled = yes
	tls keyfile = {root}/private/tls/key.pem
	tls certfile = {root}/private/tls/cert.pem
	tls cafile = {root}/private/tls/ca.pem
	ldap server require strong auth = {strong}
{level(version)}	idmap_ldb:use rfc2307 = yes
	ldb:nosync = true
	tdb:nosync = true
	printing = bsd
	load printers = no
	disable spoolss = yes
	unix password sync = no

[sysvol]
	path = {root}/state/sysvol
	read only = No

[netlogon]
	path = {root}/state/sysvol/{DNS_DOMAIN}/scripts
	read only = No
"""


def level(version: tuple[int, int]) -> str:
    """The line of smb.conf for the functional level 2016; empty where Samba does not have it."""
    return "\tad dc functional level = 2016\n" if version >= LEVEL_2016 else ""


def kerberos(root: Path, address: str) -> str:
    """krb5.conf for clients of this domain only: no DNS and no canonical names, because the host
    may not resolve at all.
    """
    return f"""[libdefaults]
	default_realm = {REALM}
	dns_lookup_realm = false
	dns_lookup_kdc = false
	dns_canonicalize_hostname = false
	rdns = false
	udp_preference_limit = 1
	default_ccache_name = FILE:{root}/run/krb5cc_%{{uid}}
[realms]
	{REALM} = {{
		kdc = {address}:88
		kpasswd_server = {address}:464
		default_domain = {DNS_DOMAIN}
	}}
[domain_realm]
	.{DNS_DOMAIN} = {REALM}
	{DNS_DOMAIN} = {REALM}
	localhost = {REALM}
"""


def ldap_client(root: Path) -> str:
    """ldap.conf for OpenLDAP's tools (LDAPCONF)."""
    return f"TLS_CACERT {root}/etc/ca.pem\nTLS_REQCERT demand\nSASL_NOCANON on\n"
