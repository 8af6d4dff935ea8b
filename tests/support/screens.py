"""What devices of each platform print when they are asked what they are; after the makers' documents."""

IOS_VERSION = """\
Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(4)E7, RELEASE SOFTWARE (fc2)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2018 by Cisco Systems, Inc.

ROM: Bootstrap program is C2960X boot loader
BOOTLDR: C2960X Boot Loader (C2960X-HBOOT-M) Version 15.2(3r)E1, RELEASE SOFTWARE (fc1)

sw-tan-lap uptime is 1 year, 2 weeks, 3 days, 4 hours, 5 minutes
System returned to ROM by power-on
System image file is "flash:/c2960x-universalk9-mz.152-4.E7.bin"
Last reload reason: power-on

cisco WS-C2960X-24TS-L (APM86XXX) processor (revision A0) with 524288K bytes of memory.
Processor board ID FOC0000X0AB
Last reset from power-on
Base ethernet MAC Address       : 00:11:22:33:44:55
Model number                    : WS-C2960X-24TS-L
System serial number            : FOC0000X0AB
Configuration register is 0xF
"""
IOS_INVENTORY = """\
NAME: "1", DESCR: "WS-C2960X-24TS-L"
PID: WS-C2960X-24TS-L  , VID: V05  , SN: FOC0000X0AB

NAME: "GigabitEthernet1/0/25", DESCR: "1000BaseLX SFP"
PID: GLC-LH-SMD          , VID: V01  , SN: FNS0000A1B2
"""
NXOS_VERSION = """\
Cisco Nexus Operating System (NX-OS) Software
Software
  BIOS: version 07.69
  NXOS: version 9.3(8)
Hardware
  cisco Nexus9000 C93180YC-EX chassis
  cisco Nexus9000 C93180YC-EX Chassis
  Processor Board ID FDO00000ABC
  Device name: core-1
Kernel uptime is 12 day(s), 3 hour(s), 4 minute(s), 5 second(s)
"""
JUNOS_HARDWARE = """\
Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                AB0000AF0001      MX204
FPC 0                     BUILTIN      BUILTIN           MPC
  PIC 0                   BUILTIN      BUILTIN           4XQSFP28 PIC
  PIC 1                   BUILTIN      BUILTIN           8XSFPP PIC
    Xcvr 3       REV 01   740-021308   AM00001           SFP+-10G-SR
"""
JUNOS_VERSION = """\
Hostname: mx-huyen
Model: mx204
Junos: 21.2R3-S2.9
JUNOS OS Kernel 64-bit  [20220201.1]
"""
VRP_VERSION = """\
Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (S5735 V200R021C00SPC100)
Copyright (C) 2000-2021 HUAWEI TECH Co., Ltd.
HUAWEI S5735-L24T4X-A1 Routing Switch uptime is 5 weeks, 4 days, 3 hours, 2 minutes
"""
VRP_MODULES = """\
GigabitEthernet0/0/25 transceiver information:
-------------------------------------------------------------
Common information:
  Transceiver Type               :1000_BASE_LX_SFP
  Vendor Name                    :HISENSE
  Vendor PN                      :LTF1303
-------------------------------------------------------------
Manufacture information:
  Manu. Serial Number            :HA00000001
  Manufacturing Date             :2021-01-01
-------------------------------------------------------------
"""
COMWARE_VERSION = """\
H3C Comware Software, Version 7.1.070, Release 6318P01
Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.
H3C S5130S-28S-EI uptime is 0 weeks, 1 day, 2 hours, 3 minutes
"""
COMWARE_BOARD = """\
Slot 1 CPU 0:
DEVICE_NAME          : S5130S-28S-EI
DEVICE_SERIAL_NUMBER : 210235A0000000000001
MAC_ADDRESS          : 1122-3344-5566
MANUFACTURING_DATE   : 2021-05-01
VENDOR_NAME          : H3C
"""
ROUTEROS_RESOURCE = """\
                   uptime: 1w2d3h4m5s
                  version: 7.11.2 (stable)
               build-time: Aug/31/2023 13:55:47
             architecture-name: mmips
               board-name: hEX S
                 platform: MikroTik
"""
ROUTEROS_BOARD = """\
       routerboard: yes
        board-name: hEX S
             model: RB760iGS
     serial-number: HD0000ABCDE
  current-firmware: 7.11.2
"""
ROUTEROS_MODULES = """\
                      name: sfp1
                    status: link-ok
           sfp-vendor-name: OEM
    sfp-vendor-part-number: SFP-LX-20
         sfp-vendor-serial: S2100000001
                      name: sfp2
                    status: no-link
"""

FORTIOS_STATUS = """\
Version: FortiGate-60F v7.0.5,build0304,220208 (GA)
Virus-DB: 90.00000(2022-02-08 10:20)
Serial-Number: FGT60FTK00000001
Log hard disk: Not available
Hostname: fw-huyen
Operation Mode: NAT
Current virtual domain: root
Virtual domain configuration: disable
Current HA mode: standalone
System time: Tue Nov 24 09:30:00 2026
"""
FORTIOS_UPTIME = """\
CPU states: 0% user 1% system 0% nice 99% idle
Uptime: 12 days,  3 hours,  4 minutes
"""
VYOS_VERSION = """\
Version:          VyOS 1.3.2
Release train:    equuleus

Built by:         autobuild@vyos.net
Architecture:     x86_64
Boot via:         installed image

Hardware vendor:  QEMU
Hardware model:   Standard PC (Q35 + ICH9, 2009)
Hardware S/N:     VM-0001
Hardware UUID:    00000000-0000-0000-0000-000000000000

Copyright:        VyOS maintainers and contributors
"""
AOSS_SYSTEM = """\
 Status and Counters - General System Information

  System Name        : sw-xa
  System Contact     : it@example.vn
  System Location    : tang-1

  MAC Age Time (sec) : 300

  Time Zone          : 420
  Daylight Time Rule : None

  Software revision  : YA.16.10.0012        Base MAC Addr      : 001122-334455
  ROM Version        : YA.15.20             Serial Number      : CN00ABC000

  Up Time            : 21 days              Memory   - Total   : 99,999,744
  CPU Util (%)       : 12                              Free    : 55,555,555

  IP Mgmt  - Pkts Rx : 1,234                Packet   - Total   : 6750
             Pkts Tx : 1,234                Buffers    Free    : 5086
                                                       Lowest  : 5045
                                                       Missed  : 0
"""
AOSS_MODULES = """\
 Status and Counters - Module Information

  Chassis: 2530-24G-PoEP J9773A         Serial Number:   CN00ABC000
"""
AOSCX_SYSTEM = """\
Hostname                 : sw-cx
System Description       : Aruba JL661A ML.10.08.1010
System Contact           :
System Location          :

Vendor                   : Aruba
Product Name             : JL661A 6300M 48G CL4 PoE 4SFP56 Swch
Chassis Serial Nbr       : SG00KN0001
Base MAC Address         : 001122-334455
ArubaOS-CX Version       : ML.10.08.1010

Time Zone                : Asia/Ho_Chi_Minh

Up Time                  : 3 weeks, 2 days, 1 hour, 5 minutes
CPU Util (%)             : 12
Memory Usage (%)         : 21
"""
AOSCX_OPTICS = """\
-----------------------------------------------------------------------
Port      Type           Product      Serial           Part
                         Number       Number           Number
-----------------------------------------------------------------------
1/1/25    1G-LX          J4859D       MY00ABC001       1990-4414
1/1/26    --             --           --               --
"""
RUIJIE_VERSION = """\
System description      : Ruijie Full Gigabit Switch(S2910-24GT4XS-E) By Ruijie Networks
System start time       : 2026-11-12 06:01:02
System uptime           : 12:03:04:05
System hardware version : 1.00
System software version : S29_RGOS 11.4(1)B12P11
System patch number     : NA
System serial number    : G1NW000000001
System boot version     : 1.2.11
Module information:
  Slot 0 : S2910-24GT4XS-E
    System uptime           : 12:03:04:05
"""
ZTE_VERSION = """\
ZXCTN 6120H-S
ZTE ZXCTN 6120H-S Software, Version: V5.00.10, Release software
Copyright (c) 2010-2021 by ZTE Corporation Compiled 2021-05-01
System image files are flash: /sysdisk0/verset
tan-lap uptime is 10 days, 2 hours, 3 minutes
"""
TPLINK_INFO = """\
 System Description   - JetStream 24-Port Gigabit Smart Switch with 4 SFP Slots
 System Name          - sw-thon
 System Location      - tang-1
 Contact Information  - www.example.vn
 Hardware Version     - T1600G-28TS 3.0
 Software Version     - 3.0.6 Build 20190430 Rel.44786(s)
 Bootloader Version   - TP-LINK BOOTUTIL(v1.0.0)
 Mac Address          - 00-11-22-33-44-55
 System Time          - 2026-11-24 08:10:02
 Running Time         - 5 day - 1 hour - 20 min - 50 sec
 Serial Number        - 2139280000012
"""
