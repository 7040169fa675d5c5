/** What the CNI plugin does: run by cni.test.js in user-mode Linux. */
import './cni/own.js'
import './cni/members.js'
import './cni/dhcp.js'
