package resolve

// maxEnvName is the longest name of a variable that ECI takes.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
const maxEnvName = 128

// ValidEnvName reports whether ECI takes name as an environment variable:
// 1 to 128 letters, digits and underscores, not beginning with a digit. This
// is narrower than Kubernetes.
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
func ValidEnvName(name string) bool {
	if name == "" || len(name) > maxEnvName {
		return false
	}
	for i, c := range []byte(name) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		digit := '0' <= c && c <= '9'
		if !letter && (!digit || i == 0) {
			return false
		}
	}
	return true
}
