"""Series of hosts, sensors, uninterruptible power supplies and printers.

They are part of the catalogue `collector.metrics`, from which everything else imports them.
"""

from typing import Final

from collector.metric import Metric

_STORAGE: Final = ("hrStorageIndex", "hrStorageDescr", "hrStorageType")
_SUPPLY: Final = ("hrDeviceIndex", "prtMarkerSuppliesIndex", "prtMarkerSuppliesType")


def _reading(name: str, what: str) -> Metric:
    return Metric(f"quang_sensor_{name}", what, labels=("sensor",))


def _limit(name: str) -> Metric:
    what = "Limit that the device states. level: alarm_low|warn_low|warn_high|alarm_high"
    return Metric(f"quang_sensor_{name}", what, labels=("sensor", "level"))


# -- snmp_system -------------------------------------------------------------------------------------------------------
AGENT_UPTIME: Final = Metric(
    "quang_agent_uptime_seconds",
    "Time since the agent started; beyond the 497 days after which sysUpTime begins anew, where the agent tells it",
)

# -- snmp_host ---------------------------------------------------------------------------------------------------------
HR_UPTIME: Final = Metric(
    "hrSystemUptime", "Time since the host started, in 0.01 s - HOST-RESOURCES-MIB hrSystemUptime"
)
HR_PROCESSES: Final = Metric("hrSystemProcesses", "Processes loaded or running - HOST-RESOURCES-MIB hrSystemProcesses")
HR_PROCESSOR_LOAD: Final = Metric(
    "hrProcessorLoad",
    "Share of the last minute that the processor was not idle, 0 to 100 - HOST-RESOURCES-MIB hrProcessorLoad",
    labels=("hrDeviceIndex",),
)
HR_STORAGE_UNIT: Final = Metric(
    "hrStorageAllocationUnits",
    "Octets of one unit of the area - HOST-RESOURCES-MIB hrStorageAllocationUnits",
    labels=_STORAGE,
)
HR_STORAGE_SIZE: Final = Metric(
    "hrStorageSize", "Size of the area in its units - HOST-RESOURCES-MIB hrStorageSize", labels=_STORAGE
)
HR_STORAGE_USED: Final = Metric(
    "hrStorageUsed", "Used part of the area in its units - HOST-RESOURCES-MIB hrStorageUsed", labels=_STORAGE
)
UCD_LOAD: Final = Metric("laLoadInt", "Load average times 100 - UCD-SNMP-MIB laLoadInt", labels=("laIndex", "laNames"))
HOST_MEMORY_SIZE: Final = Metric("quang_host_memory_size_bytes", "Memory of the host")
HOST_MEMORY_USED: Final = Metric(
    "quang_host_memory_used_bytes", "Memory that programs hold: what caches and buffers take is not counted"
)
PROCESSOR_LOAD: Final = Metric(
    "quang_processor_load_ratio",
    "Share of the last minute that a processor of a network device worked, 0 to 1; over what the device averages by",
    labels=("processor",),
)
PROCESSOR_LIMIT: Final = Metric(
    "quang_processor_limit_ratio", "Load at which the device itself complains, 0 to 1", labels=("processor",)
)
MEMORY_USED: Final = Metric(
    "quang_memory_used_ratio", "Used share of a memory of a network device, 0 to 1", labels=("memory",)
)
MEMORY_LIMIT: Final = Metric(
    "quang_memory_limit_ratio", "Used share at which the device itself complains, 0 to 1", labels=("memory",)
)
MEMORY_SIZE: Final = Metric("quang_memory_size_bytes", "Size of a memory of a network device", labels=("memory",))

# -- snmp_sensors ------------------------------------------------------------------------------------------------------
SENSOR_STATE: Final = Metric(
    "quang_sensor_state",
    "What the device says of a part: 0 unknown, 1 good, 2 warning, 3 bad."
    " kind: temperature|fan|supply|voltage|current|power|humidity|module",
    labels=("sensor", "kind"),
)
SENSOR_TEMPERATURE: Final = _reading("temperature_celsius", "Temperature at the sensor")
SENSOR_FAN: Final = _reading("fan_rpm", "Turns of the fan in a minute")
SENSOR_VOLTAGE: Final = _reading("voltage_volts", "Voltage at the sensor")
SENSOR_CURRENT: Final = _reading("current_amperes", "Current at the sensor")
SENSOR_POWER: Final = _reading("power_watts", "Power at the sensor")
SENSOR_HUMIDITY: Final = _reading("humidity_ratio", "Relative humidity at the sensor, 0 to 1")
SENSOR_TEMPERATURE_LIMIT: Final = _limit("temperature_limit_celsius")
SENSOR_FAN_LIMIT: Final = _limit("fan_limit_rpm")
SENSOR_VOLTAGE_LIMIT: Final = _limit("voltage_limit_volts")
SENSOR_CURRENT_LIMIT: Final = _limit("current_limit_amperes")
SENSOR_POWER_LIMIT: Final = _limit("power_limit_watts")

# -- snmp_ups ----------------------------------------------------------------------------------------------------------
UPS_ON_BATTERY: Final = Metric("quang_ups_on_battery", "1 while the load is fed from the battery, else 0")
UPS_ON_BATTERY_SECONDS: Final = Metric("quang_ups_on_battery_seconds", "For how long the battery has been feeding")
UPS_BATTERY_LOW: Final = Metric("quang_ups_battery_low", "1 if the UPS says that its battery is low or empty")
UPS_REPLACE: Final = Metric("quang_ups_battery_replace", "1 if the UPS says that its battery must be replaced")
UPS_CHARGE: Final = Metric("quang_ups_battery_charge_ratio", "Charge of the battery, 0 to 1")
UPS_SECONDS_LEFT: Final = Metric("quang_ups_battery_left_seconds", "How long the battery lasts at the present load")
UPS_BATTERY_VOLTS: Final = Metric("quang_ups_battery_volts", "Voltage of the battery")
UPS_BATTERY_CELSIUS: Final = Metric("quang_ups_battery_celsius", "Temperature at the battery")
UPS_LOAD: Final = Metric("quang_ups_load_ratio", "Load as a share of what the UPS can carry", labels=("line",))
UPS_INPUT_VOLTS: Final = Metric("quang_ups_input_volts", "Voltage of the mains", labels=("line",))
UPS_OUTPUT_VOLTS: Final = Metric("quang_ups_output_volts", "Voltage of what is fed", labels=("line",))
UPS_OUTPUT_WATTS: Final = Metric("quang_ups_output_watts", "Power that is fed", labels=("line",))
UPS_ON_BYPASS: Final = Metric("quang_ups_on_bypass", "1 while the load is fed past the UPS, unprotected, else 0")
UPS_OFF: Final = Metric("quang_ups_output_off", "1 while the UPS feeds nothing, else 0")
UPS_OVERLOAD: Final = Metric("quang_ups_overload", "1 while the UPS says that it has to carry too much, else 0")
UPS_TEST_FAILED: Final = Metric(
    "quang_ups_test_failed", "1 if the last self-test failed, else 0; absent where none was ever made"
)
UPS_FAULT: Final = Metric(
    "quang_ups_fault",
    "1 while the UPS reports the fault, else 0."
    " fault: battery_hot|battery_missing|bypass|charger|communication|fan|fuse|general|output",
    labels=("fault",),
)
UPS_REPLACED: Final = Metric(
    "quang_ups_battery_replaced_timestamp_seconds",
    "Unix time at which the battery was last replaced, as somebody told the UPS",
)

# -- snmp_printer ------------------------------------------------------------------------------------------------------
PRINTER_PAGES: Final = Metric(
    "prtMarkerLifeCount",
    "Impressions of the marker's life - Printer-MIB prtMarkerLifeCount",
    "counter",
    ("hrDeviceIndex", "prtMarkerIndex"),
)
PRINTER_LEVEL: Final = Metric(
    "prtMarkerSuppliesLevel",
    "What is left of a supply, in its unit; -2 unknown, -3 some - Printer-MIB prtMarkerSuppliesLevel",
    labels=_SUPPLY,
)
PRINTER_CAPACITY: Final = Metric(
    "prtMarkerSuppliesMaxCapacity",
    "Capacity of a supply, in its unit; -1 unlimited, -2 unknown - Printer-MIB prtMarkerSuppliesMaxCapacity",
    labels=_SUPPLY,
)
PRINTER_SUPPLY: Final = Metric(
    "quang_printer_supply_ratio",
    "Share that is left of a supply, of a waste box the share still free, 0 to 1; absent when the printer does not say",
    labels=("supply", "type"),
)
PRINTER_STATUS: Final = Metric(
    "hrPrinterStatus",
    "1 other, 2 unknown, 3 idle, 4 printing, 5 warming up - HOST-RESOURCES-MIB hrPrinterStatus",
    labels=("hrDeviceIndex",),
)
PRINTER_PROBLEM: Final = Metric(
    "quang_printer_problem",
    "1 while the printer reports the problem, else 0 - HOST-RESOURCES-MIB hrPrinterDetectedErrorState",
    labels=("problem",),
)
PRINTER_ALERTS: Final = Metric(
    "quang_printer_alerts",
    "Lines of the printer's table of alerts. severity: critical|warning - Printer-MIB prtAlertSeverityLevel",
    labels=("severity",),
)
PRINTER_TRAY: Final = Metric(
    "quang_printer_tray_ratio",
    "Share of paper that is left in a tray, 0 to 1; absent when the printer does not say - Printer-MIB prtInputTable",
    labels=("tray",),
)
