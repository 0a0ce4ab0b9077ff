# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of Active Directory's class user without extensions, for simulated directories.

It is what a real schema says: the integration tests compare both. Each entry of the table is about
attributes that are alike: their syntax; one value or many; a forward link, a back link or none
(plain); writable, or kept by the directory itself; then the names with their least-most length.
"""

from __future__ import annotations

from ..model.directory import AttributeDefinition

TABLE = """
binary many plain kept | repsFrom repsTo
binary many plain writable | attributeCertificateAttribute audio:-250000 controlAccessRights:16-16
  jpegPhoto lmPwdHistory msDRM-IdentityCertificate:1-10240 msDS-Site-Affinity mSMQDigests:16-16
  mSMQDigestsMig ntPwdHistory photo registeredAddress:1-4096 supplementalCredentials
  teletexTerminalIdentifier telexNumber:1-32 unixUserPassword:1-128 userCertificate:-32768
  userPassword:1-128 userPKCS12 userSMIMECertificate:-32768 x500uniqueIdentifier
binary one plain kept | msDS-AllowedToActOnBehalfOfOtherIdentity:0-132096 objectGUID:16-16
  partialAttributeDeletionList partialAttributeSet replPropertyMetaData replUpToDateVector
binary one plain writable | dBCSPwd dSASignature groupMembershipSAM logonHours logonWorkstation
  mS-DS-ConsistencyGuid msDS-Cached-Membership mSMQSignCertificates:-1048576
  mSMQSignCertificatesMig:-1048576 msPKIRoamingTimeStamp nTSecurityDescriptor:0-132096
  terminalServer:-20480 thumbnailLogo:1-32767 thumbnailPhoto:0-102400 unicodePwd userCert:0-32767
boolean many plain kept | fromEntry
boolean one plain kept | isDeleted isRecycled
boolean one plain writable | isCriticalSystemObject msNPAllowDialin msTSAllowLogon
  msTSBrokenConnectionAction msTSConnectClientDrives msTSConnectPrinterDrives
  msTSDefaultToMainPrinter msTSReconnectionAction showInAdvancedViewOnly
dn many back kept | bridgeheadServerListBL directReports frsComputerReferenceBL fRSMemberReferenceBL
  isPrivilegeHolder managedObjects masteredBy memberOf msCOM-PartitionSetLink msCOM-UserLink
  msDFSR-ComputerReferenceBL msDFSR-MemberReferenceBL msDS-AuthenticatedToAccountlist
  msDS-AuthNPolicySiloMembersBL msDS-ClaimSharesPossibleValuesWithBL msDS-EnabledFeatureBL
  msDS-HostServiceAccountBL msDS-IsDomainFor msDS-IsFullReplicaFor msDS-IsPartialReplicaFor
  msDS-IsPrimaryComputerFor msDS-KrbTgtLinkBl msDs-masteredBy msDS-MembersForAzRoleBL
  msDS-MembersOfResourcePropertyListBL msDS-NC-RO-Replica-Locations-BL msDS-NonMembersBL
  msDS-ObjectReferenceBL msDS-OIDToGroupLinkBl msDS-OperationsForAzRoleBL msDS-OperationsForAzTaskBL
  msDS-PSOApplied msDS-RevealedDSAs msDS-TasksForAzRoleBL msDS-TasksForAzTaskBL msDS-TDOEgressBL
  msDS-TDOIngressBL msDS-ValueTypeReferenceBL msSFU30PosixMemberOf netbootSCPBL nonSecurityMemberBL
  ownerBL queryPolicyBL serverReferenceBL siteObjectBL
dn many forward writable | msDS-AuthenticatedAtDC msDS-PrimaryComputer msTSSecondaryDesktops
dn many plain kept | msds-memberOfTransitive msds-memberTransitive msDS-RevealedListBL subRefs
  subSchemaSubEntry
dn many plain writable | defaultClassStore secretary seeAlso showInAddressBook
dn one forward writable | manager msCOM-UserPartitionSetLink msDS-AssignedAuthNPolicy
  msDS-AssignedAuthNPolicySilo msTSPrimaryDesktop
dn one plain kept | distinguishedName msDS-parentdistname msDS-ResultantPSO objectCategory
dn one plain writable | assistant dynamicLDAPServer fSMORoleOwner lastKnownParent preferredOU
exact_text many plain writable | destinationIndicator:1-128 internationalISDNNumber:1-16
  msNPCallingStationID msNPSavedCallingStationID msRADIUS-FramedIpv6Route:-4096
  msRADIUS-SavedFramedIpv6Route:-4096 msRADIUSFramedRoute msRASSavedFramedRoute serialNumber:1-64
  x121Address:1-15
exact_text one plain writable | displayNamePrintable:1-256 gecos:-10240 loginShell:-1024
  msRADIUS-FramedInterfaceId:-8 msRADIUS-FramedIpv6Prefix:-16 msRADIUS-SavedFramedInterfaceId:-8
  msRADIUS-SavedFramedIpv6Prefix:-16 msRADIUSCallbackNumber msRASSavedCallbackNumber
  msSFU30Name:-1024 msSFU30NisDomain:-1024 unixHomeDirectory:-2048
integer many plain writable | localeID preferredDeliveryMethod
integer one plain kept | instanceType msDS-Approx-Immed-Subordinates
  msDS-FailedInteractiveLogonCount msDS-FailedInteractiveLogonCountAtLastSuccessfulLogon
  msDS-KeyVersionNumber msDS-NcType msDS-SecondaryKrbTgtNumber:65536-65536
  msDS-User-Account-Control-Computed sAMAccountType sDRightsEffective systemFlags
integer one plain writable | adminCount badPwdCount codePage:0-65535 countryCode:0-65535 flags
  garbageCollPeriod gidNumber logonCount mS-DS-ConsistencyChildCount msDS-HABSeniorityIndex
  msDS-SupportedEncryptionTypes msRADIUSFramedIPAddress msRADIUSServiceType
  msRASSavedFramedIPAddress msTSMaxConnectionTime msTSMaxDisconnectionTime msTSMaxIdleTime
  msTSRemoteControl objectVersion operatorCount primaryGroupID revision rid shadowExpire shadowFlag
  shadowInactive shadowLastChange shadowMax shadowMin shadowWarning uidNumber userAccountControl
  USNIntersite
large_integer one plain kept | msDS-LastFailedInteractiveLogonTime
  msDS-LastSuccessfulInteractiveLogonTime msDS-UserPasswordExpiryTimeComputed uSNChanged uSNCreated
  uSNDSALastObjRemoved uSNLastObjRem
large_integer one plain writable | accountExpires badPasswordTime lastLogoff lastLogon
  lastLogonTimestamp lockoutTime maxStorage msDS-Cached-Membership-Time-Stamp
  msDS-GeoCoordinatesAltitude msDS-GeoCoordinatesLatitude msDS-GeoCoordinatesLongitude pwdLastSet
  uSNSource
other many forward writable | msPKI-CredentialRoamingTokens msPKIAccountCredentials
  msPKIDPAPIMasterKeys
other many plain kept | wellKnownObjects:16-16
other many plain writable | otherWellKnownObjects:16-16
other one plain kept | proxiedObjectName
sid many plain kept | tokenGroups tokenGroupsGlobalAndUniversal tokenGroupsNoGCAcceptable
sid many plain writable | sIDHistory
sid one plain kept | mS-DS-CreatorSID objectSid:0-28
sid one plain writable | securityIdentifier
text many plain kept | allowedAttributes allowedAttributesEffective allowedChildClasses
  allowedChildClassesEffective canonicalName msDS-NCReplCursors msDS-NCReplInboundNeighbors
  msDS-NCReplOutboundNeighbors msDS-ReplAttributeMetaData msDS-ReplValueMetaData
  msDS-ReplValueMetaDataExt objectClass possibleInferiors structuralObjectClass
text many plain writable | accountNameHistory altSecurityIdentities businessCategory:1-128
  carLicense departmentNumber extensionName:1-255 groupPriority groupsToIgnore
  houseIdentifier:1-32768 labeledURI mhsORAddress msDS-AllowedToDelegateTo msDS-SyncServerUrl:1-512
  msExchLabeledURI:1-1024 msTSLSProperty01:0-32767 msTSLSProperty02:0-32767 msTSProperty01:0-32767
  msTSProperty02:0-32767 networkAddress:0-256 o:1-64 otherFacsimileTelephoneNumber:1-64
  otherHomePhone:1-64 otherIpPhone otherLoginWorkstations:0-1024 otherMailbox otherMobile:1-64
  otherPager:1-64 otherTelephone:1-64 ou:1-64 postalAddress:1-4096 postOfficeBox:1-40
  proxyAddresses:1-1123 roomNumber servicePrincipalName uid url userSharedFolderOther wbemPath
text one plain kept | cn:1-64 msDS-LastKnownRDN:1-255 msDS-PrincipalName name:1-255
text one plain writable | aCSPolicyName adminDescription:0-1024 adminDisplayName:1-256 c:1-3
  co:1-128 comment company:1-64 department:1-64 description:0-1024 desktopProfile displayName:0-256
  division:0-256 employeeID:0-16 employeeNumber:1-512 employeeType:1-256
  facsimileTelephoneNumber:1-64 generationQualifier:1-64 givenName:1-64 homeDirectory homeDrive
  homePhone:1-64 homePostalAddress:1-4096 info:1-1024 initials:1-6 ipPhone:-64 l:1-128
  legacyExchangeDN mail:0-256 middleName:0-64 mobile:1-64 msDS-cloudExtensionAttribute1
  msDS-cloudExtensionAttribute10 msDS-cloudExtensionAttribute11 msDS-cloudExtensionAttribute12
  msDS-cloudExtensionAttribute13 msDS-cloudExtensionAttribute14 msDS-cloudExtensionAttribute15
  msDS-cloudExtensionAttribute16 msDS-cloudExtensionAttribute17 msDS-cloudExtensionAttribute18
  msDS-cloudExtensionAttribute19 msDS-cloudExtensionAttribute2 msDS-cloudExtensionAttribute20
  msDS-cloudExtensionAttribute3 msDS-cloudExtensionAttribute4 msDS-cloudExtensionAttribute5
  msDS-cloudExtensionAttribute6 msDS-cloudExtensionAttribute7 msDS-cloudExtensionAttribute8
  msDS-cloudExtensionAttribute9 msDS-PhoneticCompanyName:1-64 msDS-PhoneticDepartment:1-64
  msDS-PhoneticDisplayName:0-256 msDS-PhoneticFirstName:1-64 msDS-PhoneticLastName:1-64
  msDS-SourceObjectDN:0-10240 msExchAssistantName:1-256 msExchHouseIdentifier:1-128
  msIIS-FTPDir:1-256 msIIS-FTPRoot:1-256 msTSHomeDirectory:0-32767 msTSHomeDrive:0-32767
  msTSInitialProgram:0-32767 msTSLicenseVersion msTSLicenseVersion2:0-255 msTSLicenseVersion3:0-255
  msTSLicenseVersion4:0-255 msTSManagingLS msTSManagingLS2:0-255 msTSManagingLS3:0-255
  msTSManagingLS4:0-255 msTSProfilePath:0-32767 msTSWorkDirectory:0-32767 pager:1-64
  personalTitle:1-64 physicalDeliveryOfficeName:1-128 postalCode:1-40 preferredLanguage
  primaryInternationalISDNNumber:1-64 primaryTelexNumber:1-64 profilePath sAMAccountName:0-20
  scriptPath sn:1-64 st:1-128 street:1-1024 streetAddress:1-1024 telephoneNumber:1-64
  textEncodedORAddress:1-1024 title:1-128 userParameters:0-32767 userPrincipalName:-1024
  userSharedFolder userWorkstations:0-1024 wWWHomePage:1-2048
time many plain kept | dSCorePropagationData
time one plain kept | createTimeStamp modifyTimeStamp msDS-LocalEffectiveDeletionTime
  msDS-LocalEffectiveRecycleTime whenChanged whenCreated
time one plain writable | msTSExpireDate msTSExpireDate2 msTSExpireDate3 msTSExpireDate4
"""


def standard_schema() -> dict[str, AttributeDefinition]:
    """{attribute in lower case: definition}."""
    definitions: dict[str, AttributeDefinition] = {}
    kind: list[str] = []
    for line in TABLE.strip().splitlines():
        head, divided, names = line.partition("|")
        if divided:
            kind = head.split()
        else:
            names = line
        for word in names.split():
            name, _colon, lengths = word.partition(":")
            definitions[name.lower()] = _definition(name, lengths, *kind)
    return definitions


def _definition(
    name: str, lengths: str, syntax: str, count: str, link: str, access: str
) -> AttributeDefinition:
    lower, _dash, upper = lengths.partition("-")
    return AttributeDefinition(
        name=name,
        syntax=syntax,
        single=count == "one",
        lower=_number(lower),
        upper=_number(upper),
        writable=access == "writable",
        linked=None if link == "plain" else link,
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    return int(text)


def assumed_definition(name: str) -> AttributeDefinition:
    """An attribute that the table does not have, of Exchange or of a company: text, many values."""
    return AttributeDefinition(name, "text", False, None, None, True, None)
